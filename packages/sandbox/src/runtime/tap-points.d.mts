export interface Point {
  ok: boolean;
  name: string;
  skipped: boolean;
  ms?: number;
  yaml: string[];
  points?: Point[];
}
export function readPoints(text: string): { points: Point[]; planned?: number; bailed?: string };
