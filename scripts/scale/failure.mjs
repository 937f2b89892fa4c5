// A proof throws this when it fails and has figures all the same: they belong to the record.
export class ProofFailure extends Error {
  constructor(message, figures) {
    super(message);
    this.figures = figures;
  }
}
