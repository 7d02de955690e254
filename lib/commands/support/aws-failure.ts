import { CommandError } from './terminal.ts';

/** What AWS's error names mean to somebody at a terminal. AWS says nothing of its own that would help here. */
const hints: Readonly<Record<string, string>> = {
  CredentialsProviderError: 'No AWS credentials were found. Run "aws configure", or set AWS_PROFILE.',
  ExpiredToken: 'These AWS credentials have expired. Log in again.',
  InvalidClientTokenId: 'These AWS credentials are not valid.',
  SignatureDoesNotMatch: 'These AWS credentials are not valid: the secret access key is wrong.',
  RequestExpired: "AWS says that the request is too old: set this machine's clock.",
};

/** Services spell these differently. */
const synonyms: Readonly<Record<string, string>> = {
  ExpiredTokenException: 'ExpiredToken',
  UnrecognizedClientException: 'InvalidClientTokenId',
  InvalidAccessKeyId: 'InvalidClientTokenId',
  InvalidSignatureException: 'SignatureDoesNotMatch',
  RequestTimeTooSkewed: 'RequestExpired',
};

const unreachable = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT']);

function isUnreachable(error: Error): boolean {
  return error.name === 'TimeoutError' || ('code' in error && unreachable.has(String(error.code)));
}

/** The permission that is missing, which AWS names in its message. */
function refused({ message }: Error): string {
  const [, action] = /perform: ([\w:]+)/.exec(message) ?? [];
  return `These AWS credentials may not do this${action === undefined ? '' : ` (${action})`}.`;
}

function explanation(error: Error): string | undefined {
  const name = synonyms[error.name] ?? error.name;
  if (/^AccessDenied|^AuthorizationError/.test(name)) return refused(error);
  if (hints[name] !== undefined) return hints[name];
  if (isUnreachable(error)) return 'It cannot be reached from here.';
  if (/region is missing/i.test(error.message)) return 'No AWS region is set. Set AWS_REGION.';
  return '$metadata' in error ? `AWS refused: ${error.name}.` : undefined;
}

/**
 * Turns an error of the AWS SDK into one for the person at the terminal; any other is handed back as it is.
 *
 * @param title what was asked, as it is called in messages: `stage prod`
 */
export function awsFailure(error: unknown, title: string): unknown {
  if (!Error.isError(error) || error instanceof CommandError) return error;
  const text = explanation(error);
  return text === undefined ? error : new CommandError(`${title}: ${text}`, { cause: error });
}
