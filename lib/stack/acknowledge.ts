import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** Says for a construct, and all within it, why a rule of cdk-nag or of CDK's own template check does not apply. */
export function acknowledge(construct: IConstruct, reasons: Readonly<Record<string, string>>): void {
  const rules = Object.entries(reasons).map(([id, reason]) => ({ id, reason }));
  Validations.of(construct).acknowledge(...rules);
}
