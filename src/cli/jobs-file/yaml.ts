// Apart, because it is imported late: in a bundle only a module of our own keeps its names then.
export { LineCounter, isMap, isScalar, parseAllDocuments } from 'yaml';
export type { Document, Node, YAMLError } from 'yaml';
