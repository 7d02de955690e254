// Amazon Cognito: the "migrate user" trigger. Whoever logs in for the first time comes over with the password that Usher knows.
// USHER_URL and USHER_SITE_KEY come from the function's environment. Cognito waits for 5 seconds.
// https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-migrate-user.html
import { createHash } from 'node:crypto';

async function askUsher(path, body) {
  const response = await fetch(new URL(path, process.env.USHER_URL), {
    method: body ? 'POST' : 'GET',
    headers: { authorization: `Bearer ${process.env.USHER_SITE_KEY}` },
    body: body && JSON.stringify(body),
    signal: AbortSignal.timeout(4000),
  });
  const answer = await response.json();
  if (response.ok) return answer;
  // Cognito shows this to people: no more than that it did not work.
  throw new Error(
    answer.error?.code === 'invalid_login' ? 'Wrong username or password.' : 'Try again later.',
  );
}

/**
 * Cognito does not tell the person's address, so tries are counted by login alone, in a made-up private network: Cognito itself
 * counts those of an address. Your own server may tell it as `ip` in the ClientMetadata of its AdminInitiateAuth. Set
 * TRUST_CLIENT_METADATA to "true" only if nothing else can log in: an app client without a secret lets anybody say what they like.
 */
function addressOf({ userName, request }) {
  const isTrusted = process.env.TRUST_CLIENT_METADATA === 'true';
  if (isTrusted && request.validationData?.ip) return request.validationData.ip;
  const hex = createHash('sha256').update(userName.toLowerCase()).digest('hex');
  return `fd${hex.slice(0, 2)}:${hex.slice(2, 6)}:${hex.slice(6, 10)}:${hex.slice(10, 14)}::1`;
}

/** Without `email_verified` Cognito mails no code to choose another password. Tags change, attributes of Cognito do not by themselves: read them by the id when it matters. */
const attributesOf = ({ id, email }) => ({ email, email_verified: 'true', 'custom:usher_id': id });

export async function handler(event) {
  const { triggerSource, userName, request } = event;
  if (triggerSource === 'UserMigration_Authentication') {
    const { password } = request;
    const { user } = await askUsher('v1/login', { login: userName, password, ip: addressOf(event) });
    event.response.userAttributes = attributesOf(user);
    event.response.finalUserStatus = 'CONFIRMED';
    event.response.messageAction = 'SUPPRESS';
  }
  if (triggerSource === 'UserMigration_ForgotPassword') {
    const { users } = await askUsher(`v1/users?${new URLSearchParams({ email: userName })}`);
    if (users.length === 0) throw new Error('Wrong username or password.');
    event.response.userAttributes = attributesOf(users[0]);
    event.response.messageAction = 'SUPPRESS';
  }
  return event;
}
