import type { MinerState, TelemetrySlice } from '@selfheal/contracts';
import { mergeTemplates } from '../aggregate/slices.ts';
import { templateText } from './shape.ts';

/** The templates as they are known now, for what was counted when less was known. */
export interface TemplateCatalogue {
  /** The slice with the ids and texts of now; templates that proved to be one since it was made are counted as one. */
  slice(slice: TelemetrySlice): TelemetrySlice;
}

const MAX_LENGTH = 500;

/** By the saved state of the miner; without one, slices stay as they are. */
export function templateCatalogue(state: MinerState | undefined): TemplateCatalogue {
  const renamed = new Map(Object.entries(state?.renamed ?? {}));
  const tokens = new Map(state?.templates.map((template) => [template.id, template.tokens]));
  const textOf = (id: string, written: string): string => {
    const known = tokens.get(id);
    return known === undefined ? written : templateText(known).slice(0, MAX_LENGTH);
  };
  return {
    slice(slice) {
      const templates = slice.templates.map((template) => {
        const id = renamed.get(template.id) ?? template.id;
        return { ...template, id, template: textOf(id, template.template) };
      });
      return { ...slice, templates: mergeTemplates(templates) };
    },
  };
}
