// A real OpenID Connect provider on loopback: `node oidc_provider.mjs PORT CLIENT SECRET RETURN_URL`. It ends
// with its standard input. Any address and password sign in.
import Provider from 'oidc-provider';

const [port, client, secret, returnUrl] = process.argv.slice(2);
const provider = new Provider(`http://localhost:${port}`, {
  clients: [{ client_id: client, client_secret: secret, redirect_uris: [returnUrl] }],
  claims: { openid: ['sub'], email: ['email', 'email_verified'] },
  pkce: { required: () => true },
  cookies: { keys: ['of one test'] },
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({ sub: id, email: id, email_verified: true }),
  }),
  async loadExistingGrant(ctx) {
    const { session, provider: here } = ctx.oidc;
    const grant = new here.Grant({ clientId: client, accountId: session.accountId });
    grant.addOIDCScope('openid email');
    await grant.save();
    return grant;
  },
});
provider.listen(Number(port), '127.0.0.1', () => console.log('ready'));
process.stdin.resume().on('end', () => process.exit());
