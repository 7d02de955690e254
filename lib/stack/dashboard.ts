import type { Stack } from 'aws-cdk-lib';
import { Dashboard as CloudWatchDashboard, type IWidget } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { costWidgets } from './cost-widgets.ts';
import { crmWidgets } from './crm-widgets.ts';
import { queueAndMailWidgets } from './queue-and-mail-widgets.ts';
import { type Watched, webhookWidgets } from './webhook-widgets.ts';

/** One page that shows how a stage is doing. */
export class Dashboard extends Construct {
  readonly url: string;

  constructor(scope: Stack, id: string, watched: Watched) {
    super(scope, id);
    const rows: IWidget[][] = [
      webhookWidgets(watched),
      crmWidgets(watched),
      queueAndMailWidgets(watched),
      costWidgets(watched),
    ];
    const dashboard = new CloudWatchDashboard(this, 'Dashboard', { widgets: rows });
    const { region } = scope;
    this.url = `https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}#dashboards/dashboard/${dashboard.dashboardName}`;
  }
}
