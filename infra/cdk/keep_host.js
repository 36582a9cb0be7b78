// The APIs are called by names of their own; this tells them the name that the viewer used.
function handler(event) {
  var request = event.request;
  request.headers['x-forwarded-host'] = { value: request.headers.host.value };
  return request;
}
