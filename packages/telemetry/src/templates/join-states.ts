import type { MinerState } from '@selfheal/contracts';
import { TemplateMiner } from './miner.ts';

/**
 * What two runs learned that began with the same state, as one: the templates of both, and which ids became which. Of a template that both
 * know the greater count stands, as both contain what was counted before them.
 */
export function joinStates(stored: MinerState, own: MinerState): MinerState {
  const miner = new TemplateMiner(stored);
  const counted = new Map(stored.templates.map(({ id, count }) => [id, count]));
  const templates = own.templates.map((template) => ({
    ...template,
    count: Math.max(0, template.count - (counted.get(template.id) ?? 0)),
  }));
  miner.merge({ ...own, templates });
  return miner.state();
}
