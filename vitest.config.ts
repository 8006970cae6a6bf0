import { defineConfig } from 'vitest/config';
import ProcessesFirst from './scripts/testing/processes-first.ts';
import projects from './vitest.workspace.ts';

export default defineConfig({
  test: {
    projects,
    sequence: { sequencer: ProcessesFirst },
    coverage: {
      provider: 'v8',
      include: ['packages/*/src/**/*.ts', 'handlers/**/*.ts'],
      exclude: ['**/*.test.ts', 'packages/testkit/**'],
      reporter: ['text-summary', 'json-summary'],
    },
  },
});
