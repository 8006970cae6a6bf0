import { definePlugin } from 'selfheal/plugin';
import { notFoundTemplate } from './not-found-template.ts';
import { tailDetector } from './tail-detector.ts';
import { tillReader } from './till-reader.ts';

/** What a chain of shops adds: the log of its tills, its idea of a bad tail, its way to answer for what is not there. */
export default definePlugin({
  name: 'tills',
  readers: [tillReader],
  detectors: [tailDetector],
  fixTemplates: [notFoundTemplate],
});
