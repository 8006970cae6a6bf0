import type { Handler } from '@selfheal/contracts';

/**
 * diagnosis.analyze, movement load. Reads facts and sources of the watched repository at the head of its default branch; both of
 * one commit, even where the branch moves meanwhile.
 * Reads: the code base. Writes: its cache. Fails: REPO_MISSING, REPO_NO_COMMIT, REPO_NO_PACKAGE, GIT_FAILED.
 */
export const loadCodebaseInfo: Handler<'loadCodebaseInfo'> = async (_input, { codebase: port, beat }) => {
  beat.heartbeat('reading the code base');
  const codebase = await port.info();
  return { codebase, sources: await port.snapshot(codebase.commit) };
};
