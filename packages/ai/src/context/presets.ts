import type { ContextConfig } from '@selfheal/contracts';

/** Bytes of a context as JSON, at most. */
export const MAX_CONTEXT_BYTES = 51_200;
export const DEFAULT_LOG_LINES = 100;

export type ResolvedContextConfig = Required<ContextConfig>;

const PRESETS: Readonly<Record<ResolvedContextConfig['preset'], Omit<ResolvedContextConfig, 'preset' | 'maxBytes'>>> = {
  minimal: { errorDetails: true, logs: false, logLines: DEFAULT_LOG_LINES, code: 'activity', environment: false },
  standard: { errorDetails: true, logs: true, logLines: DEFAULT_LOG_LINES, code: 'activity', environment: true },
  comprehensive: { errorDetails: true, logs: true, logLines: 500, code: 'codebase', environment: true },
};

/** Every key filled in: from the configs in order (the first that says something counts), then from the preset. */
export function resolveContextConfig(...configs: readonly (ContextConfig | undefined)[]): ResolvedContextConfig {
  const said = (field: keyof ContextConfig) => configs.find((config) => config?.[field] !== undefined);
  const preset = said('preset')?.preset ?? 'standard';
  const base = PRESETS[preset];
  return {
    preset,
    errorDetails: said('errorDetails')?.errorDetails ?? base.errorDetails,
    logs: said('logs')?.logs ?? base.logs,
    logLines: said('logLines')?.logLines ?? base.logLines,
    code: said('code')?.code ?? base.code,
    environment: said('environment')?.environment ?? base.environment,
    maxBytes: Math.min(said('maxBytes')?.maxBytes ?? MAX_CONTEXT_BYTES, MAX_CONTEXT_BYTES),
  };
}
