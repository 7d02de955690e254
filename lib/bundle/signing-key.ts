import { replacedFiles } from './replaced-files.ts';

/**
 * The key that requests are signed with is the same for a day. The SDK keeps it by a hash of the credentials, which takes each request one HMAC
 * more; here it is kept by the credentials themselves, which stay the same object for as long as they are good.
 *
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export const signingKey = replacedFiles('signing-key', {
  '@smithy/signature-v4/dist-es/credentialDerivation.js': (source) => {
    const names = { getSigningKey: 'deriveKey', hash: 'credsHash' };
    if (!source.includes('export const getSigningKey = async (') || !source.includes(names.hash))
      throw new Error('the signing key is not derived as it used to be');
    return `
      ${source.replace('export const getSigningKey', `const ${names.getSigningKey}`)}
      const kept = new WeakMap();
      export const getSigningKey = async (sha256, credentials, shortDate, region, service) => {
        const scope = createScope(shortDate, region, service);
        const keys = kept.get(credentials) ?? {};
        // Yesterday's are of no more use.
        if (!(scope in keys)) kept.set(credentials, { ...(keys.date === shortDate && keys), date: shortDate });
        return (kept.get(credentials)[scope] ??= await ${names.getSigningKey}(sha256, credentials, shortDate, region, service));
      };
    `;
  },
});
