import config from '../../usher.config.ts';
import { createAwsClients } from './aws-clients.ts';
import { createHandler } from './create-handler.ts';
import { createServices } from './create-services.ts';
import { readEnvironment } from './environment.ts';
import { createLog } from './log.ts';

const environment = readEnvironment(process.env);
const log = createLog(environment.USHER_METRICS_NAMESPACE);

/** The Lambda's entry: the only place that reads the environment and builds clients. */
export const handler = createHandler(createServices(config, environment, createAwsClients(), log));
