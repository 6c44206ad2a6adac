"""One encoder and several heads that are trained together (Caruana, 1997; Chen et al., 2019)."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional
from transformers import PreTrainedModel

from xiaoer.learn.full.crf import Crf
from xiaoer.learn.full.dataset import UNKNOWN, Labels
from xiaoer.learn.full.settings import FullSettings

_GRAM_SPREAD = 0.05


@dataclass(frozen=True, slots=True)
class Scores:
    """What the heads say of texts, None where there is no head.

    Raw scores of intents and acts (texts × classes), of tags (texts × tokens × tags), and the mood in [-1, 1] (texts).
    """

    intent: Tensor | None = None
    tags: Tensor | None = None
    act: Tensor | None = None
    sentiment: Tensor | None = None


class JointNetwork(nn.Module):
    """An encoder whose pooled vector, joined by the mean of hashed n-grams, is read by heads.

    Heads: intent, speech act (softmax), sentiment (tanh), and entities, read from the token vectors with a CRF.
    """

    def __init__(self, encoder: PreTrainedModel, labels: Labels, settings: FullSettings) -> None:
        super().__init__()
        self.encoder = encoder
        self.settings = settings
        width: int = encoder.config.hidden_size
        joined = width + (settings.ngrams.width if settings.ngrams.buckets else 0)
        weights = settings.heads
        self.grams = _gram_table(settings)
        self.dropout = nn.Dropout(weights.dropout)
        self.intent = nn.Linear(joined, len(labels.intents)) if labels.intents and weights.intent else None
        self.act = nn.Linear(joined, len(labels.acts)) if labels.acts and weights.act else None
        self.sentiment = nn.Linear(joined, 1) if labels.has_sentiment and weights.sentiment else None
        has_tags = bool(labels.tags) and weights.entities > 0
        self.tags = nn.Linear(width, len(labels.tags)) if has_tags else None
        self.crf = Crf(labels.tags) if has_tags else None

    def scores(
        self, tokens: Tensor, attention: Tensor, grams: Tensor | None = None, classes: Tensor | None = None
    ) -> Scores:
        """Score texts: `tokens` and `attention` (texts × tokens, 1 where a token stands), `grams` (texts × n-grams).

        `classes` are the word classes of tokens (texts × tokens), for an encoder that is told them.
        """
        # Positions and kinds are given, a row a text: private training must know the part of each text.
        places = torch.arange(tokens.shape[1], device=tokens.device).expand_as(tokens)
        further = {"position_ids": places} if self._takes_places else {}
        if classes is not None:
            further["token_type_ids"] = classes
        seen = self.encoder(input_ids=tokens, attention_mask=attention, **further).last_hidden_state
        vector = self.dropout(self._joined(seen, attention, grams))
        return Scores(
            intent=self.intent(vector) if self.intent is not None else None,
            act=self.act(vector) if self.act is not None else None,
            sentiment=torch.tanh(self.sentiment(vector)[:, 0]) if self.sentiment is not None else None,
            tags=self.tags(self.dropout(seen)) if self.tags is not None else None,
        )

    def forward(  # noqa: PLR0913, PLR0917  # the names of a batch
        self,
        tokens: Tensor,
        attention: Tensor,
        grams: Tensor | None = None,
        classes: Tensor | None = None,
        special: Tensor | None = None,
        intent: Tensor | None = None,
        tags: Tensor | None = None,
        act: Tensor | None = None,
        sentiment: Tensor | None = None,
    ) -> dict[str, Tensor]:
        """Give the weighted loss of a batch; labels that are `UNKNOWN`, or no number, teach nothing."""
        scores = self.scores(tokens, attention, grams, classes)
        heads, training = self.settings.heads, self.settings.training
        loss = tokens.new_zeros((), dtype=torch.float32)
        for said, true, weight in ((scores.intent, intent, heads.intent), (scores.act, act, heads.act)):
            if said is not None and true is not None:
                loss = loss + weight * _cross_entropy(said, true, training.label_smoothing)
        if scores.sentiment is not None and sentiment is not None:
            is_known = ~sentiment.isnan()
            missed = (scores.sentiment.float() - torch.where(is_known, sentiment, 0)) ** 2 * is_known
            loss = loss + heads.sentiment * missed.sum() / is_known.sum().clamp(min=1)
        if scores.tags is not None and self.crf is not None and tags is not None and special is not None:
            is_token = special == 0
            length = is_token.sum(1).float().mean().clamp(min=1)
            loss = loss + heads.entities * self.crf(scores.tags, tags, is_token) / length
        if training.r_drop and self.training and scores.intent is not None:
            again = self.scores(tokens, attention, grams, classes).intent
            loss = loss + training.r_drop * _divergence(scores.intent, again)
        return {"loss": loss}

    @property
    def _takes_places(self) -> bool:
        return self.encoder.config.model_type == "bert"

    def _joined(self, seen: Tensor, attention: Tensor, grams: Tensor | None) -> Tensor:
        vector = seen[:, 0] if self.settings.encoder.pooling == "first" else _mean(seen, attention)
        if self.grams is None or grams is None:
            return vector
        # As the length of a text's vector, that of its n-grams must not depend on how many there are.
        rows = (grams > 0).to(vector.dtype)[:, :, None]
        summed = (self.grams(grams) * rows).sum(1)
        return torch.cat([vector, summed / rows.sum(1).clamp(min=1).sqrt()], 1)


def _gram_table(settings: FullSettings) -> nn.Embedding | None:
    if not settings.ngrams.buckets:
        return None
    table = nn.Embedding(settings.ngrams.buckets + 1, settings.ngrams.width, padding_idx=0)
    nn.init.normal_(table.weight, std=_GRAM_SPREAD)
    return table


def _mean(seen: Tensor, attention: Tensor) -> Tensor:
    kept = attention.to(seen.dtype)[:, :, None]
    return (seen * kept).sum(1) / kept.sum(1).clamp(min=1)


def _cross_entropy(scores: Tensor, labels: Tensor, smoothing: float) -> Tensor:
    summed = functional.cross_entropy(
        scores.float(), labels, ignore_index=UNKNOWN, reduction="sum", label_smoothing=smoothing
    )
    return summed / (labels != UNKNOWN).sum().clamp(min=1)


def _divergence(one: Tensor, other: Tensor | None) -> Tensor:
    """Give the mean of both Kullback-Leibler divergences of two passes, a text."""
    if other is None:
        return one.new_zeros(())
    first, second = functional.log_softmax(one.float(), 1), functional.log_softmax(other.float(), 1)
    there = functional.kl_div(first, second, log_target=True, reduction="batchmean")
    return (there + functional.kl_div(second, first, log_target=True, reduction="batchmean")) / 2
