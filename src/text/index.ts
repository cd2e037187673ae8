export { bytePairVocabulary } from "./bytePairs";
export { vocabularyFromJSON } from "./fromJSON";
export { characterVocabulary, wordVocabulary } from "./listed";
export { countPairs, mergePair, type PairCount } from "./pairs";
export { type BytePairJSON, type ListedJSON, type Vocabulary, type VocabularyJSON } from "./vocabulary";
