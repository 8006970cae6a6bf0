import { defineConfig } from 'vitest/config';
import projects from './vitest.workspace.ts';

export default defineConfig({
  test: {
    projects,
    coverage: {
      provider: 'v8',
      include: ['packages/*/src/**/*.ts', 'handlers/**/*.ts'],
      exclude: ['**/*.test.ts', 'packages/testkit/**'],
      reporter: ['text-summary', 'json-summary'],
    },
  },
});
