# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The common part of the collection's inventory plugins: file names, options, clients, and the hosts they add."""

from __future__ import annotations

import os
import re
import typing as t
from pathlib import Path

try:
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError, ClientError

    AWS_ERRORS: t.Any = (ClientError, BotoCoreError)
except ImportError:
    # AWSInventoryBase reports the missing library.
    AWS_ERRORS = ()

from ansible.errors import AnsibleParserError
from ansible.template import trust_as_template
from ansible_collections.amazon.aws.plugins.plugin_utils.inventory import AWSInventoryBase
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.client import RateLimitedClient
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.errors import explain
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.proxy_pages import refuse_pages
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.user_agent import user_agent_extra
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._inventory import filters, host_names

CONCURRENCY = 10
# No template can be in such a text. AWX and ansible-inventory show it as it is, and any other as __ansible_unsafe.
_PLAIN = re.compile(r"[A-Za-z0-9:/._+-]*")
_SECONDS_TO_CONNECT = 10
_SECONDS_TO_ANSWER = 30


class Host(t.Protocol):
    """What becomes a host. C(distinctions) are texts that tell it from others of its name, the shortest first."""

    @property
    def description(self) -> str: ...  # pragma: no cover

    @property
    def distinctions(self) -> t.Sequence[str]: ...  # pragma: no cover

    def variables(self) -> dict[str, t.Any]: ...  # pragma: no cover


_Host = t.TypeVar("_Host", bound=Host)


class InventorySource(AWSInventoryBase):
    """The texts of the host variables are not trusted, so that Ansible never evaluates a template in them."""

    class TemplatedOptions(AWSInventoryBase.TemplatedOptions):
        """Conditions of filters are no templates; what selects resources may be one."""

        TEMPLATABLE_OPTIONS = (
            *(name for name in AWSInventoryBase.TemplatedOptions.TEMPLATABLE_OPTIONS if name != "filters"),
            "accounts",
            "assume_role_external_id",
            "domains",
            "exclude_accounts",
            "external_id",
            "organizational_units",
            "owners",
            "targets",
        )

        def get(self, *args: t.Any) -> t.Any:
            """Not as in amazon.aws 10, whose call is deprecated since ansible-core 2.19."""
            value = self.original_options.get(*args)
            return self.templar.template(value) if value and args[0] in self.TEMPLATABLE_OPTIONS else value

    def verify_file(self, path: str) -> bool:
        if super().verify_file(path):
            return True
        if not path.endswith(self.INVENTORY_FILE_SUFFIXES) and Path(path).is_file():
            ours = re.compile(rb"^plugin\s*:\s*['\"]?%s\b" % re.escape(self.NAME).encode(), re.MULTILINE)
            with Path(path).open("rb") as file:
                if ours.search(file.read(65536)):
                    self.warn(f"{path}: rename it, its name must end in {' or '.join(self.INVENTORY_FILE_SUFFIXES)}.")
        return False

    def _set_frozen_credentials(self) -> None:
        """Assume no role yet: answers out of the cache need none."""

    def connect(self, service: str, region: str, **credentials: t.Any) -> RateLimitedClient:
        config = Config(
            retries={"total_max_attempts": 1},
            max_pool_connections=CONCURRENCY,
            connect_timeout=_SECONDS_TO_CONNECT,
            read_timeout=_SECONDS_TO_ANSWER,
            user_agent_extra=user_agent_extra(os.environ),
        )
        client = self.client(service, region=region, config=config, **credentials)
        return RateLimitedClient(refuse_pages(client), CONCURRENCY)

    def assume_own_role(self, region: str, session_name: str) -> None:
        """Assume the role of the option assume_role_arn, if it is set, for all clients of the plugin."""
        arn, external_id = self.get_option("assume_role_arn"), self.get_option("assume_role_external_id")
        if arn:
            try:
                self._frozen_credentials = self.credentials_of(region, arn, session_name, external_id)
            except AWS_ERRORS as error:
                raise AnsibleParserError(explain(error, region, "sts")) from error

    def credentials_of(
        self, region: str, arn: str, session_name: str, external_id: str | None = None
    ) -> dict[str, t.Any]:
        """Assume the role, and return its credentials as the arguments of a client. Raises botocore's exceptions."""
        request = {"RoleArn": arn, "RoleSessionName": session_name}
        answer = self.client("sts", region=region).assume_role(
            **request, **({"ExternalId": external_id} if external_id else {})
        )
        credentials = answer["Credentials"]
        return {
            "profile_name": None,
            "aws_access_key_id": credentials["AccessKeyId"],
            "aws_secret_access_key": credentials["SecretAccessKey"],
            "aws_session_token": credentials["SessionToken"],
        }

    def check_filters(self) -> None:
        """Fail before any call if the option filters is none."""
        filters.parse(self.get_option("filters"))

    def named(self, hosts: t.Iterable[_Host]) -> list[tuple[str, _Host]]:
        """Return the hosts that the option filters accepts, each with a name that no other host has."""
        conditions = filters.parse(self.get_option("filters"))
        accepted = [(name, host) for host in hosts if self._is_accepted(name := self._name(host), host, conditions)]
        names = host_names.distinct_names(
            [name for name, _host in accepted], [host.distinctions for _name, host in accepted], self.inventory.hosts
        )
        return list(zip(names, (host for _name, host in accepted)))

    def add(self, name: str, group: str, host: Host) -> None:
        """Add a host with its variables, and to the groups of the constructed options."""
        variables, strict = host.variables(), self.get_option("strict")
        self.inventory.add_host(name, group=group)
        for variable, value in variables.items():
            is_plain = isinstance(value, str) and _PLAIN.fullmatch(value)
            self.inventory.set_variable(name, variable, trust_as_template(value) if is_plain else value)
        self._set_composite_vars(self.get_option("compose"), variables, name, strict=strict)
        self._add_host_to_composed_groups(self.get_option("groups"), variables, name, strict=strict)
        self._add_host_to_keyed_groups(self.get_option("keyed_groups"), variables, name, strict=strict)

    def _name(self, host: Host) -> str:
        variables = host.variables()
        for expression in self.get_option("hostnames"):
            try:
                name = self._compose(expression, variables)
            except Exception as error:
                if self.get_option("strict"):
                    raise AnsibleParserError(f"hostnames: {expression!r} for {host.description}: {error}") from error
                continue
            if name and host_names.valid_name(str(name)):
                return host_names.valid_name(str(name))
        return host_names.valid_name(host.description.rpartition(":")[2])

    def _is_accepted(self, name: str, host: Host, conditions: t.Sequence[tuple[str, t.Any]]) -> bool:
        extra = self._vars if self.get_option("use_extra_vars") else {}
        self.templar.available_variables = {**host.variables(), "inventory_hostname": name, **extra}

        def is_true(condition: str) -> bool:
            try:
                return bool(self.templar.evaluate_conditional(condition))
            except Exception as error:
                raise AnsibleParserError(f"filters: {condition!r} for {name}: {error}") from error

        return filters.accepts(conditions, is_true)


def without_blanks(texts: t.Iterable[str]) -> list[str]:
    """Return each text once: an environment variable without a value is a list with an empty text."""
    return list(dict.fromkeys(text.strip() for text in texts if text.strip()))
