/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2024' } }],
  },
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  globalSetup: '<rootDir>/test/support/global-setup.mjs',
  globalTeardown: '<rootDir>/test/support/global-teardown.ts',
  // The vendors' clients that test/oracles runs are none of the tests' own.
  modulePathIgnorePatterns: ['<rootDir>/test/oracles/node_modules/'],
  testTimeout: 300_000,
  // Much of a test's time is waiting for emulators: two cores are busy with three, and with two they are not.
  maxWorkers: 3,
  coverageProvider: 'babel',
  collectCoverageFrom: ['functions/**/*.ts'],
  coverageThreshold: { global: { lines: 95, branches: 95 } },
};
