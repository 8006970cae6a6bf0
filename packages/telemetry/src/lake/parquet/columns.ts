/** A column of a table that is filled row by row; what has no value is passed over. */
export type Column = TextColumn | NumberColumn;

/** So many values may be all different before a dictionary is given up; from then on one in sixteen. */
const FREE_ENTRIES = 64;
const REPEATED = 16;

/** Texts. As long as they repeat, each different one is kept once, and of a row only its place among these. */
export class TextColumn {
  readonly name: string;
  readonly type = 'BYTE_ARRAY';
  /** 1 for each row with a value. */
  readonly present: Uint8Array;
  /** Rows with a value. */
  count = 0;
  /** The texts in order; of a column with `places`, the different ones. */
  readonly texts: string[] = [];
  #places: Int32Array | undefined;
  #known = new Map<string, number>();
  #lastPlace = 0;

  constructor(name: string, rows: number) {
    this.name = name;
    this.present = new Uint8Array(rows);
    this.#places = new Int32Array(rows);
  }

  /** Each row's place among `texts`; undefined where these repeat too little to gain by it. */
  get places(): Int32Array | undefined {
    return this.#places?.subarray(0, this.count);
  }

  /** False where the text is kept with U+FFFD in it, as half of a surrogate pair has no bytes of its own. */
  set(row: number, value: string | undefined): boolean {
    if (value === undefined) return true;
    this.present[row] = 1;
    const places = this.#places;
    const known = places === undefined ? undefined : this.#placeOf(value);
    if (places !== undefined && known !== undefined) {
      places[this.count] = known;
      this.count += 1;
      return true;
    }
    const whole = value.isWellFormed();
    this.#add(whole ? value : value.toWellFormed());
    this.count += 1;
    return whole;
  }

  /** Rows often hold what the one before held. */
  #placeOf(value: string): number | undefined {
    if (value === this.texts[this.#lastPlace]) return this.#lastPlace;
    const known = this.#known.get(value);
    if (known !== undefined) this.#lastPlace = known;
    return known;
  }

  #add(text: string): void {
    const places = this.#places;
    const place = this.texts.length;
    if (places !== undefined && place > FREE_ENTRIES + this.count / REPEATED) this.#giveUp(places);
    else if (places !== undefined) {
      this.#known.set(text, place);
      places[this.count] = place;
    }
    this.texts.push(text);
  }

  #giveUp(places: Int32Array): void {
    const all = Array.from(places.subarray(0, this.count), (place) => this.texts[place] ?? '');
    this.texts.length = 0;
    for (const text of all) this.texts.push(text);
    this.#places = undefined;
    this.#known = new Map();
  }
}

export class NumberColumn {
  readonly name: string;
  readonly type = 'DOUBLE';
  readonly present: Uint8Array;
  count = 0;
  readonly #numbers: Float64Array;

  constructor(name: string, rows: number) {
    this.name = name;
    this.present = new Uint8Array(rows);
    this.#numbers = new Float64Array(rows);
  }

  get numbers(): Float64Array {
    return this.#numbers.subarray(0, this.count);
  }

  set(row: number, value: number | undefined): void {
    if (value === undefined) return;
    this.present[row] = 1;
    this.#numbers[this.count] = value + 0; // -0, which JSON does not have, is 0
    this.count += 1;
  }
}
