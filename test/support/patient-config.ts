import config from '../../usher.config.ts';

/** No webhook goes to the queue because the machine of the tests is slow. */
export const patientConfig = { ...config, responseBudgetMs: 25_000 };
