export { type BoardChange, planBoardWrite, type WritePlan } from './planBoardWrite.ts';
