/** A request that cannot be taken as it is, and would not be when it is sent again. */
export class OtlpFault extends Error {
  /** `invalid`: it is no export request; `limit`: it is larger or deeper than allowed. */
  readonly kind: 'invalid' | 'limit';

  constructor(kind: 'invalid' | 'limit', message: string) {
    super(message);
    this.kind = kind;
  }
}
