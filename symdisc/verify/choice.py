"""Which verifier tests given data: the one that was named, or the built-in one that suits them."""

from __future__ import annotations

from symdisc.data.samples import Samples
from symdisc.errors import OptionError
from symdisc.interfaces import Verifier
from symdisc.registry import PluginHost

AUTOMATIC = "auto"


def choose_verifier(
    host: PluginHost, name: str, samples: Samples, *, latent: bool = False
) -> Verifier:
    """Find the verifier for these data.

    An installed plugin never changes what is chosen automatically.

    Args:
        host: The plugins to choose from.
        name: ``verify.verifier``: ``"auto"`` or a component's name.
        samples: The data.
        latent: Whether the generators act in learned coordinates.

    Raises:
        OptionError: The verifier that was named cannot test these data.
        UnknownComponentError: There is none of that name.
    """
    verifier: Verifier
    if name == AUTOMATIC:
        offers = [offer for offer in host.components("verifier") if offer.plugin.builtin]
        kinds = [kind for kind in (offer.load() for offer in offers) if kind.latent == latent]
        # In learned coordinates there is one statement; data it cannot be tested on are told so.
        suited = [kind for kind in kinds if latent or not kind.unsuited(samples)]
        verifier = max(suited, key=lambda kind: kind.precedence)()
        return verifier
    kind = host.get("verifier", name)
    if reason := kind.unsuited(samples):
        raise OptionError(
            f"verify.verifier = {name!r} cannot be used: {reason}; leave it out, or write "
            f"--set verify.verifier={AUTOMATIC}"
        )
    verifier = kind()
    return verifier
