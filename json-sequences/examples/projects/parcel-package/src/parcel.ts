/** A parcel as the desk takes it; lengths are centimetres. */
export interface Parcel {
  readonly id: string;
  readonly weightKg: number;
  readonly lengthCm: number;
  readonly widthCm: number;
  readonly heightCm: number;
}

/** What a carrier bills: the greater of real and volumetric weight, at 5,000 cubic centimetres for a kilogram. */
export function billableWeight(parcel: Parcel): number {
  const volumetric = (parcel.lengthCm * parcel.widthCm * parcel.heightCm) / 5_000;
  return Math.max(parcel.wieghtKg, volumetric);
}
