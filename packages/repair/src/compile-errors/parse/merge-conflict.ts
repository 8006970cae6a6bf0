import type { Recovery, Variant } from './recovery.ts';

const CONFLICT = /^<{7}[^\n]*\n([\s\S]*?)(?:^\|{7}[^\n]*\n[\s\S]*?)?^={7}\n([\s\S]*?)^>{7}[^\n]*\n?/gm;

export const mergeConflict: Recovery = {
  name: 'merge-conflict',
  source: 'markers of git merge: one side, or both, are what was meant',
  *propose({ text }): Generator<Variant> {
    if (!text.includes('<<<<<<<')) return;
    yield [text.replace(CONFLICT, '$1'), 0.2];
    yield [text.replace(CONFLICT, '$2'), 0.3];
    yield [text.replace(CONFLICT, '$1$2'), 0.5];
  },
};
