"""What a message says: intents, entities, mood and its single wishes, by the light tier's trained models.

Serving needs numpy, the automaton and the tagger; what training shares with it (analysis, features, tags) is here too.
"""

from xiaoer.understand.analysis import Analyser, Analysis
from xiaoer.understand.classifier import Classifier, load_classifier
from xiaoer.understand.clauses import SMALL_TALK
from xiaoer.understand.entities import EntityFinder
from xiaoer.understand.errors import BadRoutingError, ModelNotFoundError
from xiaoer.understand.features import BLOCKS, FeatureBlocks, Featurizer
from xiaoer.understand.full import (
    FULL_FILE,
    NETWORK_FILE,
    TOKENIZER_FILE,
    Chain,
    FullModel,
    FullReading,
    FullSpec,
    Joining,
    joined_probabilities,
)
from xiaoer.understand.grams import LENGTHS, GramNetwork, Grams, grams_of
from xiaoer.understand.intents import OUT_OF_SCOPE, IntentModel, in_steps
from xiaoer.understand.language import language_of
from xiaoer.understand.light import INTENTS_FILE, TAGGER_FILE, LightModel, training_hash
from xiaoer.understand.light_classifier import LightClassifier, Mixing, features_of, place_of_unknown
from xiaoer.understand.looking import Looker, Seen
from xiaoer.understand.mood import MoodReader
from xiaoer.understand.ngrams import gram_rows
from xiaoer.understand.routing import (
    ALWAYS,
    ROUTING_FILE,
    Router,
    Routing,
    Rule,
    Signs,
    TierPair,
    read_in_full,
    sureness,
)
from xiaoer.understand.softmax import softmax
from xiaoer.understand.spans import Span
from xiaoer.understand.tagger import (
    OUTSIDE,
    Tagger,
    spans_of_tags,
    tags_of_marks,
    tags_of_spans,
    token_features,
    tokens_of,
)
from xiaoer.understand.understander import Understander
from xiaoer.understand.viterbi import TagChain
from xiaoer.understand.vocabulary import Vocabulary, is_foreign, may_be_foreign, without_names
from xiaoer.understand.word_classes import WORD_CLASSES, classes_of_tokens, word_classes

__all__ = [
    "ALWAYS",
    "BLOCKS",
    "FULL_FILE",
    "INTENTS_FILE",
    "LENGTHS",
    "NETWORK_FILE",
    "OUTSIDE",
    "OUT_OF_SCOPE",
    "ROUTING_FILE",
    "SMALL_TALK",
    "TAGGER_FILE",
    "TOKENIZER_FILE",
    "WORD_CLASSES",
    "Analyser",
    "Analysis",
    "BadRoutingError",
    "Chain",
    "Classifier",
    "EntityFinder",
    "FeatureBlocks",
    "Featurizer",
    "FullModel",
    "FullReading",
    "FullSpec",
    "GramNetwork",
    "Grams",
    "IntentModel",
    "Joining",
    "LightClassifier",
    "LightModel",
    "Looker",
    "Mixing",
    "ModelNotFoundError",
    "MoodReader",
    "Router",
    "Routing",
    "Rule",
    "Seen",
    "Signs",
    "Span",
    "TagChain",
    "Tagger",
    "TierPair",
    "Understander",
    "Vocabulary",
    "classes_of_tokens",
    "features_of",
    "gram_rows",
    "grams_of",
    "in_steps",
    "is_foreign",
    "joined_probabilities",
    "language_of",
    "load_classifier",
    "may_be_foreign",
    "place_of_unknown",
    "read_in_full",
    "softmax",
    "spans_of_tags",
    "sureness",
    "tags_of_marks",
    "tags_of_spans",
    "token_features",
    "tokens_of",
    "training_hash",
    "without_names",
    "word_classes",
]
