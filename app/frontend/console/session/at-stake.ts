/**
 * What is lost for ever where the person leaves now, within a sentence: for example "token". Null
 * where that is nothing. It stands apart from what shows it, for whoever signs them out.
 */
let current: string | null = null;

export function atStake(): string | null {
  return current;
}

/** Says what it is; returns what takes it back. */
export function setAtStake(noun: string): () => void {
  current = noun;
  return () => {
    current = null;
  };
}
