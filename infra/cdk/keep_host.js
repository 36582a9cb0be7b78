// The APIs are called by names of their own and see CloudFront alone; this tells them the name that the viewer
// used and the viewer's address, over whatever the viewer sent.
function handler(event) {
  var request = event.request;
  request.headers['x-forwarded-host'] = { value: request.headers.host.value };
  request.headers['x-viewer-address'] = { value: event.viewer.ip };
  return request;
}
