"""In which language a conversation goes on: that of its last message that had one."""

from dataclasses import dataclass

from xiaoer.dialogue import changed_language, is_offered
from xiaoer.events import Conversation, LanguageChanged, Reading
from xiaoer.turn.parts import Release, Releases
from xiaoer.understand import is_foreign, may_be_foreign, without_names


@dataclass(frozen=True, slots=True)
class Switch:
    """The release that goes on, and the event that says so."""

    release: Release
    event: LanguageChanged


async def switched(
    releases: Releases, release: Release, state: Conversation, reading: Reading, hint: str
) -> Switch | None:
    """Say whether a message, read by the release that speaks the conversation's language, asks for another one.

    `state` knows of the message already. A message without a language of its own (a number, a button) never does, but
    for the first one of a conversation whose page `hint`s at a language.
    """
    own = release.vocabulary
    if own is None or is_offered(state.last_text, state.question):
        return None
    rest = without_names(state.last_text, reading.entities)
    is_first = state.turns == 1 and not state.speaks
    for language in releases.languages:
        is_hinted = is_first and hint == language and not own.weigh(rest)
        if language == own.language or not (is_hinted or may_be_foreign(rest, own, is_first=is_first)):
            continue
        other = await releases.speaking(language)
        if other.vocabulary is None or other.vocabulary.language != language:
            continue  # not ready yet
        if is_hinted or is_foreign(rest, own, other.vocabulary, is_first=is_first):
            event = changed_language(state, other.pack)
            return None if event is None else Switch(other, event)
    return None


async def begun_in(releases: Releases, language: str | None) -> Switch | None:
    """Give what a conversation begins with whose page is in another language than the shop's first."""
    if not language or language not in releases.languages or language == releases.languages[0]:
        return None
    release = await releases.speaking(language)
    if release.pack.manifest.language != language:
        return None
    return Switch(release, LanguageChanged(language=language, pack=release.pack.version))
