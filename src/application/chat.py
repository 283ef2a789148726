"""The chat as its gateways see it: the driving port. HTTP, WebSocket, CLI and whatever comes
later call these, and nothing else of the core."""

from dataclasses import dataclass

from application.use_cases.archive_room import ArchiveRoom
from application.use_cases.authenticate import Authenticate
from application.use_cases.change_display_name import ChangeDisplayName
from application.use_cases.change_password import ChangePassword
from application.use_cases.change_role import ChangeRole
from application.use_cases.clear_room import ClearRoom
from application.use_cases.close_room import CloseRoom
from application.use_cases.create_room import CreateRoom
from application.use_cases.create_token import CreateToken
from application.use_cases.create_user import CreateUser
from application.use_cases.delete_message import DeleteMessage
from application.use_cases.disable_user import DisableUser
from application.use_cases.disconnect import Disconnect
from application.use_cases.edit_message import EditMessage
from application.use_cases.enable_user import EnableUser
from application.use_cases.end_sessions import EndSessions
from application.use_cases.end_token import EndToken
from application.use_cases.find_people import FindPeople
from application.use_cases.get_room import GetRoom
from application.use_cases.greet import Greet
from application.use_cases.heal_room import HealRoom
from application.use_cases.invite_member import InviteMember
from application.use_cases.is_site_claimed import IsSiteClaimed
from application.use_cases.join_room import JoinRoom
from application.use_cases.leave_room import LeaveRoom
from application.use_cases.list_members import ListMembers
from application.use_cases.list_my_rooms import ListMyRooms
from application.use_cases.list_rooms import ListRooms
from application.use_cases.list_sessions import ListSessions
from application.use_cases.list_starred import ListStarred
from application.use_cases.list_tokens import ListTokens
from application.use_cases.list_users import ListUsers
from application.use_cases.mark_read import MarkRead
from application.use_cases.open_direct import OpenDirect
from application.use_cases.open_room import OpenRoom
from application.use_cases.open_session import OpenSession
from application.use_cases.page_messages import PageMessages
from application.use_cases.pass_site import PassSite
from application.use_cases.post_message import PostMessage
from application.use_cases.register_user import RegisterUser
from application.use_cases.remove_member import RemoveMember
from application.use_cases.rename_room import RenameRoom
from application.use_cases.reset_password import ResetPassword
from application.use_cases.search_messages import SearchMessages
from application.use_cases.set_topic import SetTopic
from application.use_cases.settle_presence import SettlePresence
from application.use_cases.show_typing import ShowTyping
from application.use_cases.sign_in import SignIn
from application.use_cases.star_message import StarMessage
from application.use_cases.unstar_message import UnstarMessage


@dataclass(frozen=True, kw_only=True)
class Chat:
    # Accounts
    is_site_claimed: IsSiteClaimed
    register_user: RegisterUser
    create_user: CreateUser
    sign_in: SignIn
    open_session: OpenSession
    authenticate: Authenticate
    list_sessions: ListSessions
    end_sessions: EndSessions
    create_token: CreateToken
    list_tokens: ListTokens
    end_token: EndToken
    change_password: ChangePassword
    change_display_name: ChangeDisplayName
    find_people: FindPeople
    list_users: ListUsers
    reset_password: ResetPassword
    disable_user: DisableUser
    enable_user: EnableUser
    pass_site: PassSite
    # Rooms
    list_rooms: ListRooms
    list_my_rooms: ListMyRooms
    get_room: GetRoom
    create_room: CreateRoom
    open_direct: OpenDirect
    join_room: JoinRoom
    leave_room: LeaveRoom
    list_members: ListMembers
    invite_member: InviteMember
    remove_member: RemoveMember
    change_role: ChangeRole
    set_topic: SetTopic
    rename_room: RenameRoom
    clear_room: ClearRoom
    archive_room: ArchiveRoom
    # Messages
    post_message: PostMessage
    edit_message: EditMessage
    delete_message: DeleteMessage
    page_messages: PageMessages
    search_messages: SearchMessages
    star_message: StarMessage
    unstar_message: UnstarMessage
    list_starred: ListStarred
    mark_read: MarkRead
    heal_room: HealRoom
    # Presence
    greet: Greet
    disconnect: Disconnect
    open_room: OpenRoom
    close_room: CloseRoom
    show_typing: ShowTyping
    settle_presence: SettlePresence
