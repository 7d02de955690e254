import config from '../usher.config.ts';
import { createHandler } from './create-handler.ts';
import { createAwsClients } from './runtime/aws-clients.ts';
import { createServices } from './runtime/create-services.ts';
import { readEnvironment } from './runtime/environment.ts';
import { createLog } from './runtime/log.ts';

const environment = readEnvironment(process.env);
const log = createLog(environment.USHER_METRICS_NAMESPACE);

/** The Lambda's entry: the only place that reads the environment and builds clients. */
export const handler = createHandler(createServices(config, environment, createAwsClients(), log));
