import config from './jest.config.js';

const { globalSetup: _setup, globalTeardown: _teardown, ...rest } = config;

/** Tests of pure parts, without DynamoDB and so without Java: `npm run test:unit` and `npm run test:crm`. */
export default {
  ...rest,
  testMatch: ['<rootDir>/test/unit/**/*.test.ts', '<rootDir>/test/connectors/**/*.test.ts'],
  // The local stack's parts start real processes.
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/unit/dev/'],
};
