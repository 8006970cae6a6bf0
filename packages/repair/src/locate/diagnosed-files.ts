import type { IssueAnalysis } from '@selfheal/contracts';

/** Files that an analysis itself points at: what a fix may change. */
export function diagnosedFiles({ rootCause, alternatives, facts }: IssueAnalysis): string[] {
  const places = [rootCause.location, ...alternatives.map(({ location }) => location), ...facts.flatMap(({ at }) => at ?? [])];
  return [...new Set(places.map(({ file }) => file))];
}
