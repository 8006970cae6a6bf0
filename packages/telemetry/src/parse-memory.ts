/**
 * What a thread that parses telemetry may use. Without a limit the engine lets garbage lie while the machine has memory, and DuckDB keeps
 * what it once had; a stretch of input at its default size needs about half of each.
 */
export const PARSE_MEMORY = {
  heap: { maxOldGenerationSizeMb: 224, maxYoungGenerationSizeMb: 32 },
  lakeMb: 128,
} as const;
