import { type SelfhealConfig, type SelfhealConfigInput, SelfhealError, selfhealConfig } from '@selfheal/contracts';
import { loadConfig } from 'c12';
import type { z } from 'zod';

/**
 * Reads `selfheal.config.{json,ts,js,yaml}` of the repository, lays `overrides` (command-line flags) over it and fills in the defaults.
 * Fails with CONFIG_UNREADABLE or CONFIG_INVALID, which names each key.
 */
export async function loadSelfhealConfig(
  root: string,
  overrides: SelfhealConfigInput = {},
): Promise<{ config: SelfhealConfig; file: string | undefined }> {
  const { loaded, file } = await readConfigFile(root);
  return { config: parseConfig(merge(loaded, overrides), file ?? 'the settings given'), file };
}

export function parseConfig(value: unknown, origin: string): SelfhealConfig {
  const result = selfhealConfig.safeParse(value);
  if (result.success) return result.data;
  throw new SelfhealError('CONFIG_INVALID', result.error.issues.map(describe).join('; '), { where: { in: origin } });
}

async function readConfigFile(root: string): Promise<{ loaded: Record<string, unknown>; file: string | undefined }> {
  try {
    const read = await loadConfig<Record<string, unknown>>({
      name: 'selfheal',
      cwd: root,
      rcFile: false,
      globalRc: false,
      dotenv: false,
      packageJson: false,
    });
    const found =
      read.layers?.some((layer) => layer.config !== undefined && layer.config !== null && Object.keys(layer.config).length > 0) ?? false;
    return { loaded: read.config, file: found ? read.configFile : undefined };
  } catch (error) {
    throw new SelfhealError('CONFIG_UNREADABLE', error instanceof Error ? error.message : String(error), {
      where: { repository: root },
      cause: error,
    });
  }
}

function describe(issue: z.core.$ZodIssue): string {
  return `${issue.path.join('.') || 'the whole'}: ${issue.message}`;
}

/** Overrides win; nested objects are merged, lists are replaced. */
function merge(base: Record<string, unknown>, over: Record<string, unknown>): Record<string, unknown> {
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    if (value === undefined) continue;
    const below = merged[key];
    merged[key] = isObject(below) && isObject(value) ? merge(below, value) : value;
  }
  return merged;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
