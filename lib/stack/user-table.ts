import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';

/** The one table: users, their claims and the tag index. docs/data.md shows the items. */
export class UserTable extends Construct {
  readonly table: Table;

  constructor(scope: Construct, id: string, { isThrowAway }: { isThrowAway: boolean }) {
    super(scope, id);
    this.table = new Table(this, 'Table', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.AWS_MANAGED,
      // Marks and counters that are of use for hours or days only.
      timeToLiveAttribute: 'expires',
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: !isThrowAway,
      removalPolicy: isThrowAway ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
    });
  }
}
