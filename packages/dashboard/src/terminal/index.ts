export { columnsOf, fitted, safeText } from './cellText.ts';
