"""Every setting: its type, its default, its bounds. `config/default.toml` says what each is for,
and a test holds the two against each other."""

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from adapters.configuration.values import (
    DatabaseUrl,
    Networks,
    PublicUrl,
    RedisPrefix,
    RedisUrl,
    Token,
    WelcomeRoom,
    lowered,
    not_a_truth,
    stripped,
)

Count = Annotated[int, BeforeValidator(not_a_truth)]
Number = Annotated[float, BeforeValidator(not_a_truth)]

# A character takes up to 4 bytes in UTF-8; the rest is what surrounds the text in its frame.
BYTES_PER_CHARACTER, ENVELOPE_BYTES = 4, 1024


class Group(BaseModel):
    # The input is hidden, because an error is printed and a database URL holds a password.
    model_config = ConfigDict(
        frozen=True, extra="forbid", hide_input_in_errors=True, allow_inf_nan=False
    )


class LimitSettings(Group):
    """What one message, page, frame or person may take. A rate of 0 is no limit."""

    text_length: Count = Field(default=8_000, ge=1, le=1_000_000)
    page: Count = Field(default=200, ge=1, le=1_000)
    replay: Count = Field(default=500, ge=1, le=10_000)
    frame_bytes: Count = Field(default=65_536, ge=2_048, le=16_777_216)
    body_bytes: Count = Field(default=1_048_576, ge=2_048, le=1_073_741_824)
    outbox_bytes: Count = Field(default=1_048_576, ge=65_536, le=1_073_741_824)
    connections_per_user: Count = Field(default=20, ge=0)
    posts_per_second: Number = Field(default=10.0, ge=0)
    post_burst: Count = Field(default=30, ge=1)
    sign_ins_per_minute: Number = Field(default=10.0, ge=0)
    sign_ins_per_minute_and_address: Number = Field(default=60.0, ge=0)
    registrations_per_hour: Number = Field(default=20.0, ge=0)
    room_changes_per_minute: Number = Field(default=60.0, ge=0)
    searches_per_second: Number = Field(default=5.0, ge=0)
    typing_per_second: Number = Field(default=2.0, ge=0)
    requests_per_second: Number = Field(default=50.0, ge=0)

    @model_validator(mode="after")
    def _holds_a_message(self) -> "LimitSettings":
        needed = self.text_length * BYTES_PER_CHARACTER + ENVELOPE_BYTES
        for name in ("frame_bytes", "body_bytes"):
            if getattr(self, name) < needed:
                raise ValueError(
                    f"{name} must be at least {needed}, so that a text of {self.text_length} "
                    "characters (text_length) fits in"
                )
        return self


class SessionSettings(Group):
    """When people have to sign in again, and where it is kept who has signed in."""

    idle_days: Number = Field(default=30.0, gt=0, le=3_650)
    life_days: Number = Field(default=180.0, gt=0, le=3_650)
    store: Annotated[Literal["database", "redis"], BeforeValidator(lowered)] = "database"


class StoreSettings(Group):
    """How the database is used."""

    pool_size: Count = Field(default=10, ge=1, le=1_000)
    busy_timeout_seconds: Number = Field(default=5.0, gt=0, le=600)
    mongo_driver: Annotated[Literal["motor", "pymongo"], BeforeValidator(lowered)] = "motor"


class RedisSettings(Group):
    """How Redis is used, where there is one."""

    prefix: RedisPrefix = "besedka:"
    timeout_seconds: Number = Field(default=1.0, gt=0, le=60)
    lease_seconds: Number = Field(default=30.0, ge=1, le=600)
    verify_certificate: bool = True


class MetricsSettings(Group):
    """Who may read the numbers about the server."""

    access: Annotated[Literal["off", "loopback", "private", "public"], BeforeValidator(lowered)] = (
        "loopback"
    )
    token: Token = Field(default="", repr=False)


class Settings(Group):
    """`Settings()` is the defaults: what is set elsewhere comes by `load_settings`."""

    host: Annotated[str, Field(min_length=1), BeforeValidator(stripped)] = "127.0.0.1"
    port: Count = Field(default=8080, ge=0, le=65_535)
    workers: Count = Field(default=1, ge=1, le=64)
    public_url: PublicUrl = None
    trusted_proxies: Networks = ()
    secure_cookies: Literal["auto"] | bool = "auto"

    database_url: DatabaseUrl = Field(default="sqlite:///var/besedka.db", repr=False)
    redis_url: RedisUrl = Field(default=None, repr=False)

    log_level: Annotated[Literal["debug", "info", "warning", "error"], BeforeValidator(lowered)] = (
        "info"
    )
    log_format: Annotated[Literal["auto", "text", "json"], BeforeValidator(lowered)] = "auto"

    registration: Annotated[Literal["open", "closed"], BeforeValidator(lowered)] = "open"
    welcome_room: WelcomeRoom = "welcome"
    presence_grace_seconds: Number = Field(default=5.0, ge=0, le=300)
    heartbeat_seconds: Number = Field(default=25.0, gt=0, le=300)
    drain_seconds: Number = Field(default=0.0, ge=0, le=600)
    shutdown_seconds: Number = Field(default=10.0, ge=0, le=600)

    limits: LimitSettings = LimitSettings()
    sessions: SessionSettings = SessionSettings()
    store: StoreSettings = StoreSettings()
    redis: RedisSettings = RedisSettings()
    metrics: MetricsSettings = MetricsSettings()

    @property
    def has_secure_cookies(self) -> bool:
        """Whether browsers are told to send the session over https only."""
        if self.secure_cookies == "auto":
            return self.public_url is not None and self.public_url.startswith("https://")
        return self.secure_cookies
