/** What a parser made of lines: a group and a template for each. */
export interface Parsed {
  readonly groups: readonly string[];
  readonly templates: readonly string[];
}

export interface ParsingScore {
  /** Share of lines in a group that is, line for line, a true one. */
  ga: number;
  /** F1 over groups. */
  fga: number;
  /** Share of lines whose template is the true one, letter for letter. */
  pa: number;
  /** F1 over templates: right where all its lines have just that true template. */
  fta: number;
}

/**
 * The metrics of log parsing as in Loghub-2.0 (Jiang, Liu, Huang, Li, Huo, Gu, Chen, Zhu, Lyu: "A Large-Scale Evaluation for Log Parsing
 * Techniques: How Far Are We?", ISSTA 2024); GA after Zhu et al. (ICSE-SEIP 2019), PA and FTA after Khan et al. (ICSE 2022).
 */
export function scoreParsing(truth: Parsed, found: Parsed): ParsingScore {
  const lines = truth.groups.length;
  if (found.groups.length !== lines || found.templates.length !== lines)
    throw new RangeError(`${found.groups.length} lines were parsed, ${lines} are known`);
  const trueSizes = sizesOf(truth.groups);
  const foundSizes = sizesOf(found.groups);
  const rightGroups = [...valuesBy(found.groups, truth.groups)].filter(([group, within]) => {
    const [only = ''] = within;
    return within.size === 1 && trueSizes.get(only) === foundSizes.get(group);
  });
  const rightLines = rightGroups.reduce((sum, [group]) => sum + (foundSizes.get(group) ?? 0), 0);
  const byTemplate = valuesBy(found.templates, truth.templates);
  const rightTemplates = [...byTemplate].filter(([template, within]) => within.size === 1 && within.has(template));
  return {
    ga: rightLines / lines,
    fga: f1(rightGroups.length, foundSizes.size, trueSizes.size),
    pa: truth.templates.filter((template, line) => template === found.templates[line]).length / lines,
    fta: f1(rightTemplates.length, byTemplate.size, new Set(truth.templates).size),
  };
}

export function meanScore(scores: readonly ParsingScore[]): ParsingScore {
  const mean = (of: (score: ParsingScore) => number): number => scores.reduce((sum, score) => sum + of(score), 0) / scores.length;
  return { ga: mean(({ ga }) => ga), fga: mean(({ fga }) => fga), pa: mean(({ pa }) => pa), fta: mean(({ fta }) => fta) };
}

function sizesOf(groups: readonly string[]): Map<string, number> {
  const sizes = new Map<string, number>();
  for (const group of groups) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  return sizes;
}

/** Which values lines of each key have. */
function valuesBy(keys: readonly string[], values: readonly string[]): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const [line, key] of keys.entries()) {
    const known = found.get(key) ?? new Set();
    found.set(key, known.add(values[line] ?? ''));
  }
  return found;
}

function f1(right: number, found: number, known: number): number {
  return found + known === 0 ? 0 : (2 * right) / (found + known);
}
