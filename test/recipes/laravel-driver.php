<?php
// Plays Laravel for the recipe: its contracts, and a call that is read from stdin.

namespace Illuminate\Contracts\Auth {
    interface Authenticatable
    {
        public function getAuthIdentifier();
        public function getAuthPassword();
    }
    interface UserProvider
    {
        public function retrieveById($identifier);
        public function retrieveByToken($identifier, $token);
        public function updateRememberToken(Authenticatable $user, $token);
        public function retrieveByCredentials(array $credentials);
        public function validateCredentials(Authenticatable $user, array $credentials);
        public function rehashPasswordIfRequired(Authenticatable $user, array $credentials, bool $force = false);
    }
}

namespace Illuminate\Auth {
    class GenericUser implements \Illuminate\Contracts\Auth\Authenticatable
    {
        public function __construct(public array $attributes)
        {
        }
        public function getAuthIdentifier()
        {
            return $this->attributes['id'];
        }
        public function getAuthPassword()
        {
            return $this->attributes['password'];
        }
        public function __get($name)
        {
            return $this->attributes[$name];
        }
    }
}

namespace {
    require 'docs/recipes/laravel-user-provider.php';
    [$call, $given] = json_decode(stream_get_contents(STDIN), true);
    $provider = new App\Auth\UsherUserProvider(fn () => $given['ip'] ?? '');
    try {
        $user = $call === 'attempt' ? $provider->retrieveByCredentials($given) : $provider->retrieveById($given['id']);
        $isValid = $call !== 'attempt' || ($user !== null && $provider->validateCredentials($user, $given));
        $other = new Illuminate\Auth\GenericUser(['id' => 'another']);
        echo json_encode([
            'user' => $user && $isValid ? ['id' => $user->getAuthIdentifier(), 'tags' => $user->tags, 'password' => $user->getAuthPassword()] : null,
            'other' => $provider->validateCredentials($other, $given),
        ]);
    } catch (RuntimeException $error) {
        echo json_encode(['thrown' => $error->getMessage()]);
    }
}
