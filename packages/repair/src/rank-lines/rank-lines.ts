import type { WarmResult } from '@selfheal/contracts';
import { ts } from 'ts-morph';
import { dstar, ochiai, type Spectrum, tarantula } from './formulas.ts';
import { lineDiagnoses } from './line-diagnoses.ts';
import { lineShapes, MOST_SHAPE } from './line-shape.ts';
import { lineSpectra, type ObservedLines, observedLines } from './line-spectra.ts';
import { sliceLines } from './slice-lines.ts';

export interface LineRank {
  readonly file: string;
  readonly line: number;
  /** 0..1; of use only against other lines. */
  readonly score: number;
  readonly why: string;
}

const FORMULAS = { ochiai, dstar, tarantula };
/** How much each part counts, by the lines of half A of the public cases (docs/repair.md). */
const WEIGHTS = { formulas: 1, barinel: 1, outsideSlice: 0.5 };
/** What all factors come to at most: every part of a line that counts, and the frame that threw. */
const MOST_FACTOR = MOST_SHAPE * 2;
const MOST_LINES = 200;
const MOST_UNOBSERVED_FILES = 20;
/** Assertions that ran other lines than those before. */
const MOST_SLICES = 40;

/**
 * Ranks the lines of the sources by how likely the fault is there, in one sum of what is known: the mean of the spectrum formulas and the
 * diagnoses of Barinel; raised for lines that a failing stack names, lowered for lines on which no failing assertion's value depends,
 * weighted by what the line does (a condition or computation is faulty more often than a declaration).
 */
export function rankLines(texts: ReadonlyMap<string, string>, results: readonly WarmResult[]): LineRank[] {
  const observed = observedLines(texts, results);
  const diagnoses = lineDiagnoses(observed);
  const framed = framedLines(results, [...texts.keys()]);
  const ranks: LineRank[] = [];
  for (const [file, lines] of lineSpectra(observed)) {
    const tree = ts.createSourceFile(file, texts.get(file) ?? '', ts.ScriptTarget.Latest, true);
    const shapes = lineShapes(tree);
    const sliced = slicesOf(tree, observed);
    for (const [line, spectrum] of lines) {
      if (spectrum.ef === 0) continue;
      const values = { ...formulasOf(spectrum), barinel: diagnoses.get(`${file}:${line}`) ?? 0 };
      const depth = framed.get(`${file}:${line}`);
      const factors = [shapes.get(line) ?? 0.1, depth === undefined ? 1 : 1 + 1 / (1 + depth), sliced.has(line) ? 1 : WEIGHTS.outsideSlice];
      const why = [
        `run by ${spectrum.ef} failing and ${spectrum.ep} passing assertions (${toldValues(values)})`,
        ...(depth === undefined ? [] : [`frame ${depth + 1} of a failing stack`]),
        ...(sliced.has(line) ? [] : ['no failing value depends on it']),
      ].join('; ');
      ranks.push({ file, line, score: factors.reduce((product, factor) => product * factor, suspicion(values)) / MOST_FACTOR, why });
    }
  }
  return ranks.sort((a, b) => b.score - a.score || a.file.localeCompare(b.file) || a.line - b.line).slice(0, MOST_LINES);
}

function formulasOf(spectrum: Spectrum): Record<string, number> {
  return Object.fromEntries(Object.entries(FORMULAS).map(([name, formula]) => [name, formula(spectrum)]));
}

/** 0..1: formulas among each other count alike, Barinel as one of its own kind. */
function suspicion({ barinel = 0, ...formulas }: Record<string, number>): number {
  const mean = average(Object.values(formulas));
  return (WEIGHTS.formulas * mean + WEIGHTS.barinel * barinel) / (WEIGHTS.formulas + WEIGHTS.barinel);
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function toldValues(values: Readonly<Record<string, number>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name} ${value.toFixed(2)}`)
    .join(', ');
}

/** Lines that what a failing assertion got depends on. */
function slicesOf(tree: ts.SourceFile, observed: readonly ObservedLines[]): Set<number> {
  const failing = observed.flatMap(({ passed, lines }) => (passed ? [] : (lines.get(tree.fileName) ?? [])));
  const distinct = new Map(failing.map((ran) => [[...ran].join(), ran]));
  return new Set([...distinct.values()].slice(0, MOST_SLICES).flatMap((ran) => [...sliceLines(tree, ran)]));
}

/**
 * Ranks lines where nothing could be observed of what ran: by what they do, those first that the stacks of failures name. Without a named
 * file, lines of the few files that there are.
 */
export function rankByShape(texts: ReadonlyMap<string, string>, stacks: readonly string[]): LineRank[] {
  const framed = new Map<string, number>();
  for (const stack of stacks) collectFrames(stack, [...texts.keys()], framed);
  const named = new Set([...framed.keys()].map((key) => key.slice(0, key.lastIndexOf(':'))));
  const files = [...texts].filter(([file]) => named.size === 0 || named.has(file)).slice(0, MOST_UNOBSERVED_FILES);
  return files
    .flatMap(([file, text]) =>
      [...lineShapes(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true))].map(([line, weight]): LineRank => {
        const depth = framed.get(`${file}:${line}`);
        const why = depth === undefined ? 'by what it does: what ran could not be observed' : `frame ${depth + 1} of a failing stack`;
        return { file, line, score: depth === undefined ? weight / 4 : weight / 2 + 1 / (2 + 2 * depth), why };
      }),
    )
    .sort((a, b) => b.score - a.score || a.file.localeCompare(b.file) || a.line - b.line)
    .slice(0, MOST_LINES);
}

/** Lines of the sources in the stacks of failures that are not assertions: depth by `file:line`, 0 being where it was thrown. */
function framedLines(results: readonly WarmResult[], files: readonly string[]): Map<string, number> {
  const found = new Map<string, number>();
  for (const { error } of results.flatMap((result) => result.observations)) {
    if (error?.stack === undefined || /Assertion/.test(error.type)) continue;
    collectFrames(error.stack, files, found);
  }
  return found;
}

/** Depth of each frame in one of the files, by `file:line`; the least where several stacks name it. */
function collectFrames(stack: string, files: readonly string[], found: Map<string, number>): void {
  let depth = 0;
  for (const [, path = '', line = ''] of stack.matchAll(/\(?((?:file:\/\/)?\/[^\s():]+):(\d+):\d+\)?$/gm)) {
    const file = files.find((one) => path.endsWith(`/${one}`));
    if (file === undefined) continue;
    const key = `${file}:${line}`;
    found.set(key, Math.min(found.get(key) ?? depth, depth));
    depth += 1;
  }
}
