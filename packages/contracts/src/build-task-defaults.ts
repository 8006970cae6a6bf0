/** What a task of a build is where nothing is declared. Apart from the schema, which a build with nothing to do has no time to load. */
export const BUILD_TASK_DEFAULTS = {
  inputs: [] as readonly string[],
  outputs: [] as readonly string[],
  env: [] as readonly string[],
  cache: true,
  timeoutMs: 1_800_000,
} as const;
