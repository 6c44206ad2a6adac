"""All settings: defaults, over them `xiaoer.toml`, over that the environment (`XIAOER_PORT`, `XIAOER_STORE__URL`)."""

from pathlib import Path
from tomllib import TOMLDecodeError

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

from xiaoer.errors import XiaoerError


class BadSettingsError(XiaoerError):
    """A setting has a value that it cannot have."""

    code = "settings.invalid"


class Section(BaseModel):
    """A part of the settings; unknown names are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class StoreSettings(Section):
    """Where conversations and the embedded shop are kept."""

    url: str = Field(default="", description="SQLAlchemy URL; empty: SQLite in the data folder")


class GuardSettings(Section):
    """What may pass."""

    max_message_characters: int = Field(default=4000, ge=1, description="a longer message is cut there")
    max_body_bytes: int = Field(default=262_144, ge=1024, description="a larger request is refused with 413")
    messages_per_minute: int = Field(default=60, ge=1, description="of one conversation; more are refused with 429")


class TurnSettings(Section):
    """How turns are run."""

    max_running: int = Field(default=512, ge=1, description="turns at once; more are refused with 429")
    action_timeout_seconds: float = Field(default=8.0, gt=0, description="time limit of one action of the shop")
    remembered_conversations: int = Field(default=20_000, ge=0, description="states kept in memory between turns")


class TierSettings(Section):
    """The full model, where one is in use (`xiaoer models use`): it reads what the light one is not sure of."""

    full: bool = Field(default=True, description="use the full model that is marked as in use, if one is")
    timeout_seconds: float = Field(
        default=0.3, gt=0, description="time limit of a full reading, waiting included; then the light one stands"
    )
    max_batch: int = Field(default=16, ge=1, description="texts that one inference reads together")
    max_waiting: int = Field(default=256, ge=1, description="texts that may wait; of more the light reading stands")
    breaker_failures: int = Field(
        default=5,
        ge=1,
        description="batches in a row that failed, or took longer by themselves; then none is read for a while",
    )
    breaker_seconds: float = Field(default=10.0, gt=0, description="length of that while; then one message tries")


class ModelSettings(Section):
    """Where the trained models are shared between machines; each keeps those that it serves in its data folder."""

    store: str = Field(
        default="", description="address of an object store, as s3://bucket/prefix; empty: the data folder alone"
    )
    pull_seconds: float = Field(default=10.0, gt=0, description="time from one look for another choice to the next")


class ChannelSettings(Section):
    """How messages come in and answers go out."""

    callback_url: str = Field(default="", description="where answers to /webhooks/callback/webhook are pushed")


class AttachmentSettings(Section):
    """Pictures that customers send in the widget."""

    enabled: bool = Field(default=True, description="take pictures at all")
    max_bytes: int = Field(default=8_000_000, ge=1024, description="a larger file is refused with 413")
    max_pixels: int = Field(default=50_000_000, ge=1, description="a picture of more pixels is refused with 422")
    max_edge: int = Field(
        default=2048,
        ge=64,
        le=16_384,
        description="longer side of a kept picture in pixels; larger ones are scaled down",
    )
    max_per_message: int = Field(default=6, ge=1, description="pictures of one message")
    max_per_conversation: int = Field(default=40, ge=1, description="pictures of one conversation")
    unsent_hours: float = Field(
        default=24.0, gt=0, description="time in which a message must name a picture; it is deleted an hour later"
    )


class AccessSettings(Section):
    """Who may do what."""

    visitor_secret: SecretStr | None = Field(
        default=None, description="shared with the shop's site to sign visitor tokens; made once if not given"
    )
    allowed_origins: tuple[str, ...] = Field(default=("*",), description="pages that may embed the widget")


class DemoSettings(Section):
    """The demo shop."""

    enabled: bool = Field(
        default=True, description="serve the demo storefront and let anybody sign in as a demo customer"
    )
    seed: int = Field(default=7, description="which demo customers and orders are made")


class ShopApiSettings(Section):
    """The merchant's own system, asked over REST instead of keeping goods and orders in Xiaoer's database."""

    url: str = Field(
        default="",
        pattern=r"^(https?://[^\s?#@]+)?$",
        description="address before the contract's paths; empty: the shop is kept in the database",
    )
    token: SecretStr | None = Field(default=None, description="sent as `Authorization: Bearer …`; needed with a `url`")
    signing_secret: SecretStr | None = Field(
        default=None, description="if given, every request is signed with it (HMAC-SHA256)"
    )
    identifies: bool = Field(
        default=False, description="the system has the contract's `POST /identify`: customers may prove who they are"
    )
    connect_seconds: float = Field(default=1.0, gt=0, description="time limit of a connection")
    read_seconds: float = Field(default=2.0, gt=0, description="time limit of each wait for data")
    total_seconds: float = Field(
        default=3.5, gt=0, description="time limit of one question or change, all tries included"
    )
    retries: int = Field(default=2, ge=0, le=10, description="further tries when the system fails; none for a refusal")
    breaker_failures: int = Field(
        default=5, ge=1, description="failed tries in a row after which nothing more is asked for a while"
    )
    breaker_seconds: float = Field(default=10.0, gt=0, description="length of that while; then one question tries")
    catalogue_seconds: float = Field(
        default=60.0, ge=0, description="time from one look for changed products to the next"
    )
    max_answer_bytes: int = Field(default=1_000_000, ge=1024, description="a longer answer is cut off and refused")

    @model_validator(mode="after")
    def _has_its_token(self) -> "ShopApiSettings":
        if self.url and not (self.token and self.token.get_secret_value()):
            raise ValueError("a url needs a token")
        return self


class Settings(BaseSettings):
    """The settings of one running Xiaoer."""

    model_config = SettingsConfigDict(
        env_prefix="XIAOER_", env_nested_delimiter="__", toml_file="xiaoer.toml", extra="forbid", frozen=True
    )

    host: str = Field(default="127.0.0.1", description="address to listen on")
    port: int = Field(default=8000, ge=0, le=65535, description="port to listen on")
    data: Path = Field(default=Path("var"), description="folder of the database and the models")
    pack: Path = Field(default=Path("packs/shop_zh"), description="folder of the shop's pack")
    shop: str = Field(default="demo", description="id of the shop in the database")
    log_level: str = Field(default="info", description="debug, info, warning or error")
    store: StoreSettings = StoreSettings()
    guard: GuardSettings = GuardSettings()
    turn: TurnSettings = TurnSettings()
    tiers: TierSettings = TierSettings()
    models: ModelSettings = ModelSettings()
    channels: ChannelSettings = ChannelSettings()
    attachments: AttachmentSettings = AttachmentSettings()
    access: AccessSettings = AccessSettings()
    demo: DemoSettings = DemoSettings()
    shop_api: ShopApiSettings = ShopApiSettings()

    @model_validator(mode="after")
    def _keeps_the_demo_from_real_customers(self) -> "Settings":
        if self.shop_api.url and self.demo.enabled:
            raise ValueError("with shop_api.url set demo.enabled to false: the demo lets anybody be any customer")
        return self

    @property
    def store_url(self) -> str:
        """The database to use."""
        return self.store.url or f"sqlite+aiosqlite:///{self.data / 'xiaoer.db'}"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let arguments win over the environment, and the environment over `xiaoer.toml`."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def load_settings(**overrides: object) -> Settings:
    """Read the settings; arguments that are not None win.

    Raises:
        BadSettingsError: a value is not allowed; the message names the setting.
    """
    given = {name: value for name, value in overrides.items() if value is not None}
    try:
        return Settings(**given)  # type: ignore[arg-type]  # checked by pydantic
    except (TOMLDecodeError, SettingsError) as error:
        raise BadSettingsError(f"Settings: xiaoer.toml or the environment cannot be read: {error}.") from error
    except ValidationError as error:
        faults = "; ".join(": ".join(filter(None, (".".join(map(str, e["loc"])), e["msg"]))) for e in error.errors())
        raise BadSettingsError(f"Settings: {faults}. See docs/reference/settings.md.") from error
