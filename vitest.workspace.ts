/** The test projects of this repository; vitest reads them through vitest.config.ts. */
export default [
  {
    test: {
      name: 'unit',
      include: [
        'packages/*/{src,test}/**/*.test.ts',
        'handlers/**/*.test.ts',
        'scripts/**/*.test.ts',
        'json-sequences/**/*.test.ts',
        'fixtures/*.test.ts',
        'docs/**/*.test.ts',
      ],
      exclude: ['**/node_modules/**', '**/*.e2e.test.ts', 'fixtures/shop-service/**'],
      testTimeout: 60_000,
      hookTimeout: 120_000,
      // Modules are loaded once a worker, not once a file: no test file may change what they hold.
      isolate: false,
      // Many wait for processes that they started: a third worker fills two cores.
      maxWorkers: 3,
      sequence: { groupOrder: 1 },
    },
  },
  {
    test: {
      name: 'e2e',
      include: ['packages/*/{src,test}/**/*.e2e.test.ts', 'scripts/**/*.e2e.test.ts'],
      exclude: ['**/node_modules/**'],
      testTimeout: 300_000,
      hookTimeout: 180_000,
      // Each runs a Temporal server beside what it heals.
      maxWorkers: 2,
      sequence: { groupOrder: 0 },
    },
  },
];
