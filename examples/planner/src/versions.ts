import { emulatedModel } from './aiApi.ts';

/** What the model and the data of this example are: on every span, in both processes. */
export const model: { readonly name: string; readonly version: string } = { name: emulatedModel, version: '2024-07' };
export const dataset: { readonly name: string; readonly version: string } = {
  name: 'vector-kernels',
  version: '1.0.0',
};
