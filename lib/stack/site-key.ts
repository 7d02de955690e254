import { RemovalPolicy } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import { generatedKey } from './connection-secrets.ts';

/** The secret with the keys of the site's own servers. */
export class SiteKey extends Construct {
  readonly secret: Secret;

  constructor(scope: Construct, id: string, { isThrowAway }: { isThrowAway: boolean }) {
    super(scope, id);
    this.secret = new Secret(this, 'Secret', {
      description: "Usher: keys of the site's own servers",
      generateSecretString: generatedKey,
      removalPolicy: isThrowAway ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    acknowledge(this, {
      'AwsSolutions-SMG4': 'Only an operator can give a new key to the site: usher site-key rotate.',
    });
  }
}
