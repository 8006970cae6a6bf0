/**
 * Reads the Test Anything Protocol (testanything.org, versions 13 and 14, with subtests as node-tap prints them, also buffered ones) into
 * a tree of test points. What is no TAP is what the code under test printed.
 */

/**
 * @typedef {{ ok: boolean, name: string, skipped: boolean, ms?: number, yaml: string[], points?: Point[] }} Point
 *   `points` where it is a subtest; `yaml` the lines of its diagnostics without their indentation.
 */

const POINT = /^(not )?ok\b *(\d+)?(?: *- *| +)?(.*)$/;
const DIRECTIVE = /(?<!\\) # *(skip|todo)\b.*$/i;
const TIME = /(?<!\\) # *time=([\d.]+)(m?s)\s*$/;

/**
 * @param {string} text
 * @returns {{ points: Point[], planned?: number, bailed?: string }}
 */
export function readPoints(text) {
  const levels = [{ points: [], planned: undefined }];
  const subtests = [];
  let yaml;
  let bailed;
  for (const line of text.split(/\r?\n/)) {
    const depth = depthOf(line);
    if (yaml !== undefined) {
      if (line.trimEnd() === `${yaml.indent}...`) yaml = undefined;
      else yaml.lines.push(line.slice(yaml.indent.length));
      continue;
    }
    const said = line.trimStart();
    const level = levels[depth];
    const [, indent] = /^( +)---\s*$/.exec(line) ?? [];
    if (indent !== undefined && indent.length % 4 === 2) {
      yaml = { indent, lines: levels[Math.floor(indent.length / 4)]?.points.at(-1)?.yaml ?? [] };
    } else if (/^# Subtest\b/.test(said) && level !== undefined) {
      subtests[depth] = true;
      open(levels, depth + 1);
    } else if (/^1\.\.\d+/.test(said) && level !== undefined) {
      level.planned = Number(/^1\.\.(\d+)/.exec(said)[1]);
    } else if (said.startsWith('Bail out!')) {
      bailed ??= said;
    } else if (level !== undefined && POINT.test(said)) {
      const buffered = /(?<!\\) \{\s*$/.test(said);
      const point = toPoint(said.replace(/ \{\s*$/, ''));
      if (buffered) point.points = open(levels, depth + 1).points;
      else if (subtests[depth]) point.points = levels[depth + 1]?.points ?? [];
      subtests[depth] = false;
      level.points.push(point);
    }
  }
  return { points: levels[0].points, planned: levels[0].planned, bailed };
}

function depthOf(line) {
  return Math.floor(/^ */.exec(line)[0].length / 4);
}

function open(levels, depth) {
  levels.length = depth;
  levels[depth] = { points: [], planned: undefined };
  return levels[depth];
}

function toPoint(said) {
  const [, not, , rest = ''] = POINT.exec(said);
  const [, time, unit] = TIME.exec(` ${rest}`) ?? [];
  const timeless = ` ${rest}`.replace(TIME, '');
  const directive = DIRECTIVE.exec(timeless);
  const name = timeless
    .replace(DIRECTIVE, '')
    .trim()
    .replaceAll(/\\([#\\])/g, '$1');
  const ms = time === undefined ? undefined : Number(time) * (unit === 's' ? 1_000 : 1);
  return { ok: not === undefined, name, skipped: directive !== null, ms, yaml: [] };
}
