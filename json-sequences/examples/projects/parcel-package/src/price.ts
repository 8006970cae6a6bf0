import { billableWeight, type Parcel } from './parcel.js';

const BASE_CENTS = 390;
const CENTS_PER_KG = 85;

export function priceCents(parcel: Parcel): number {
  return BASE_CENTS + Math.ceil(billableWeight(parcel)) * CENTS_PER_KG;
}
