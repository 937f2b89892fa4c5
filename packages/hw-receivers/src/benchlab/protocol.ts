export { type Advisory, advisoriesOf } from './contract/advisories.ts';
export {
  boardIdentity,
  type CommandName,
  contractOf,
  contracts,
  type FirmwareContract,
  faultBits,
  opcode,
  type Variant,
} from './contract/contract.ts';
export { packStruct, type StructValues } from './wire/pack.ts';
