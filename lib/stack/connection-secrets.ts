import { RemovalPolicy } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';

/**
 * How CloudFormation makes the first access key: 43 letters and digits, 256 bits, fit for a URL.
 *
 * It generates once, and again only when one of these properties changes: a change here would replace every key
 * and every stored token at the next deployment.
 */
export const generatedKey = {
  secretStringTemplate: JSON.stringify({ apiToken: '' }),
  generateStringKey: 'accessKey',
  passwordLength: 43,
  excludePunctuation: true,
};

/** One secret per connection, for its access keys and the API token of its CRM. */
export class ConnectionSecrets extends Construct {
  /** By connection, without those that were taken out. */
  readonly secrets: Readonly<Record<string, Secret>>;

  constructor(
    scope: Construct,
    id: string,
    {
      connections,
      former,
      isThrowAway,
    }: { connections: readonly string[]; former: readonly string[]; isThrowAway: boolean },
  ) {
    super(scope, id);
    // A secret that left the stack could not come back: CloudFormation would make another one, with another key.
    const entries = [...new Set([...connections, ...former])].map((connection): [string, Secret] => [
      connection,
      new Secret(this, connection, {
        description: `Usher: access keys and CRM token of the connection ${connection}`,
        generateSecretString: generatedKey,
        removalPolicy: isThrowAway ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
      }),
    ]);
    this.secrets = Object.fromEntries(entries.filter(([connection]) => connections.includes(connection)));
    acknowledge(this, {
      'AwsSolutions-SMG4':
        'Only an operator can renew the token in the CRM and paste the new URL there: usher keys rotate.',
    });
  }
}
